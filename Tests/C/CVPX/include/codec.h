#ifndef TRIALOGUE_CVPX_CODEC_H
#define TRIALOGUE_CVPX_CODEC_H

#include <stddef.h>
#include <stdint.h>

// VP8 by libvpx, for tests: the product neither encodes nor decodes pictures.

/// What a frame may lean on and leave behind, beside the last frame: the golden frame.
enum trialogue_vpx_use {
  TRIALOGUE_VPX_KEY = 1,
  TRIALOGUE_VPX_READS_GOLDEN = 2,
  TRIALOGUE_VPX_WRITES_GOLDEN = 4,
  TRIALOGUE_VPX_WRITES_LAST = 8,
};

/// An encoder of pictures of this size; NULL if there is none.
void *trialogue_vpx_encoder_create(unsigned width, unsigned height);
/// Encodes a picture of a plain colour with a moving square. Returns the octets written to `out`; negative for an error.
long trialogue_vpx_encode(void *encoder, int use, unsigned picture, uint8_t luma, uint8_t *out, size_t capacity);
void trialogue_vpx_encoder_destroy(void *encoder);

void *trialogue_vpx_decoder_create(void);
/// 0, or libvpx's error.
int trialogue_vpx_decode(void *decoder, const uint8_t *frame, size_t count);
/// A sum over the picture that was decoded last, and its size; 0 if there is none.
uint64_t trialogue_vpx_decoded_sum(void *decoder, unsigned *width, unsigned *height);
void trialogue_vpx_decoder_destroy(void *decoder);

#endif

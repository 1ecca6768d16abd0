#include "codec.h"

#include <stdlib.h>
#include <string.h>
#include <vpx/vp8cx.h>
#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>
#include <vpx/vpx_encoder.h>

struct encoder {
  vpx_codec_ctx_t codec;
  vpx_image_t *image;
  int64_t time;
};

/// FNV-1a over the three planes.
static uint64_t sum_of(const vpx_image_t *image) {
  uint64_t sum = 0xCBF29CE484222325;
  for (int plane = 0; plane < 3; plane++) {
    unsigned width = plane ? (image->d_w + 1) / 2 : image->d_w, height = plane ? (image->d_h + 1) / 2 : image->d_h;
    for (unsigned row = 0; row < height; row++)
      for (unsigned column = 0; column < width; column++)
        sum = (sum ^ image->planes[plane][row * image->stride[plane] + column]) * 0x100000001B3;
  }
  return sum;
}

void *trialogue_vpx_encoder_create(unsigned width, unsigned height) {
  vpx_codec_enc_cfg_t settings;
  if (vpx_codec_enc_config_default(vpx_codec_vp8_cx(), &settings, 0)) return NULL;
  settings.g_w = width;
  settings.g_h = height;
  settings.g_timebase.num = 1;
  settings.g_timebase.den = 30;
  settings.g_threads = 1;
  settings.g_lag_in_frames = 0;
  settings.g_error_resilient = VPX_ERROR_RESILIENT_DEFAULT;
  settings.rc_end_usage = VPX_CBR;
  settings.rc_target_bitrate = 100;
  settings.rc_dropframe_thresh = 0;
  settings.kf_mode = VPX_KF_DISABLED;
  struct encoder *encoder = calloc(1, sizeof *encoder);
  if (!encoder) return NULL;
  if (vpx_codec_enc_init(&encoder->codec, vpx_codec_vp8_cx(), &settings, 0)) {
    free(encoder);
    return NULL;
  }
  vpx_codec_control(&encoder->codec, VP8E_SET_CPUUSED, 12);
  encoder->image = vpx_img_alloc(NULL, VPX_IMG_FMT_I420, width, height, 16);
  return encoder;
}

long trialogue_vpx_encode(void *handle, int use, unsigned picture, uint8_t luma, uint8_t *out, size_t capacity) {
  struct encoder *encoder = handle;
  vpx_image_t *image = encoder->image;
  for (unsigned row = 0; row < image->d_h; row++)
    memset(image->planes[0] + row * image->stride[0], luma, image->d_w);
  for (int plane = 1; plane < 3; plane++)
    for (unsigned row = 0; row < (image->d_h + 1) / 2; row++)
      memset(image->planes[plane] + row * image->stride[plane], plane == 1 ? luma : 255 - luma, (image->d_w + 1) / 2);
  unsigned side = image->d_w / 4, left = picture * 3 % (image->d_w - side), top = picture * 5 % (image->d_h - side);
  for (unsigned row = top; row < top + side; row++)
    memset(image->planes[0] + row * image->stride[0] + left, (uint8_t)(picture * 7), side);
  vpx_enc_frame_flags_t flags = VP8_EFLAG_NO_REF_ARF | VP8_EFLAG_NO_UPD_ARF;
  if (use & TRIALOGUE_VPX_KEY) {
    flags = VPX_EFLAG_FORCE_KF;
  } else {
    if (!(use & TRIALOGUE_VPX_READS_GOLDEN)) flags |= VP8_EFLAG_NO_REF_GF;
    if (!(use & TRIALOGUE_VPX_WRITES_GOLDEN)) flags |= VP8_EFLAG_NO_UPD_GF;
    // What is left out for some must not have taught the others anything.
    if (!(use & TRIALOGUE_VPX_WRITES_LAST)) flags |= VP8_EFLAG_NO_UPD_LAST | VP8_EFLAG_NO_UPD_ENTROPY;
  }
  if (vpx_codec_encode(&encoder->codec, image, encoder->time++, 1, flags, VPX_DL_REALTIME)) return -1;
  vpx_codec_iter_t place = NULL;
  const vpx_codec_cx_pkt_t *packet;
  long count = 0;
  while ((packet = vpx_codec_get_cx_data(&encoder->codec, &place))) {
    if (packet->kind != VPX_CODEC_CX_FRAME_PKT) continue;
    if (packet->data.frame.sz > capacity - (size_t)count) return -1;
    memcpy(out + count, packet->data.frame.buf, packet->data.frame.sz);
    count += (long)packet->data.frame.sz;
  }
  return count;
}

void trialogue_vpx_encoder_destroy(void *handle) {
  struct encoder *encoder = handle;
  vpx_codec_destroy(&encoder->codec);
  vpx_img_free(encoder->image);
  free(encoder);
}

struct decoder {
  vpx_codec_ctx_t codec;
  vpx_image_t *image;
};

void *trialogue_vpx_decoder_create(void) {
  struct decoder *decoder = calloc(1, sizeof *decoder);
  if (decoder && vpx_codec_dec_init(&decoder->codec, vpx_codec_vp8_dx(), NULL, 0)) {
    free(decoder);
    return NULL;
  }
  return decoder;
}

int trialogue_vpx_decode(void *handle, const uint8_t *frame, size_t count) {
  struct decoder *decoder = handle;
  decoder->image = NULL;
  int error = (int)vpx_codec_decode(&decoder->codec, frame, (unsigned)count, NULL, 0);
  if (error) return error;
  vpx_codec_iter_t place = NULL;
  vpx_image_t *image;
  while ((image = vpx_codec_get_frame(&decoder->codec, &place))) decoder->image = image;
  return 0;
}

uint64_t trialogue_vpx_decoded_sum(void *handle, unsigned *width, unsigned *height) {
  const vpx_image_t *image = ((struct decoder *)handle)->image;
  if (!image) return 0;
  *width = image->d_w;
  *height = image->d_h;
  return sum_of(image);
}

void trialogue_vpx_decoder_destroy(void *handle) {
  vpx_codec_destroy(&((struct decoder *)handle)->codec);
  free(handle);
}

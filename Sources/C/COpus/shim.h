// libopus through one door: the variadic opus_encoder_ctl and opus_decoder_ctl cannot be called from Swift,
// so each request that Codecs needs is one inline function here.
#ifndef TRIALOGUE_COPUS_SHIM_H
#define TRIALOGUE_COPUS_SHIM_H

#include <opus.h>

static inline int trialogue_opus_encoder_set(OpusEncoder *encoder, int request, opus_int32 value) {
  return opus_encoder_ctl(encoder, request, value);
}

static inline int trialogue_opus_encoder_get(OpusEncoder *encoder, int request, opus_int32 *value) {
  return opus_encoder_ctl(encoder, request, value);
}

static inline int trialogue_opus_encoder_reset(OpusEncoder *encoder) {
  return opus_encoder_ctl(encoder, OPUS_RESET_STATE);
}

static inline int trialogue_opus_decoder_set(OpusDecoder *decoder, int request, opus_int32 value) {
  return opus_decoder_ctl(decoder, request, value);
}

static inline int trialogue_opus_decoder_get(OpusDecoder *decoder, int request, opus_uint32 *value) {
  return opus_decoder_ctl(decoder, request, value);
}

static inline int trialogue_opus_decoder_reset(OpusDecoder *decoder) {
  return opus_decoder_ctl(decoder, OPUS_RESET_STATE);
}

#endif

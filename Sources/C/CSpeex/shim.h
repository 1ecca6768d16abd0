// libspeex through one door.
#ifndef TRIALOGUE_CSPEEX_SHIM_H
#define TRIALOGUE_CSPEEX_SHIM_H

#include <speex/speex.h>
#include <speex/speex_bits.h>

#endif

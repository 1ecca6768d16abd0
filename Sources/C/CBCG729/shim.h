// libbcg729 through one door. Its licence is the GPL: only a build with the trait G729 reaches this module.
#ifndef TRIALOGUE_CBCG729_SHIM_H
#define TRIALOGUE_CBCG729_SHIM_H

#include <bcg729/decoder.h>
#include <bcg729/encoder.h>

#endif

// opencore-amr and vo-amrwbenc through one door. AMR-WB takes two libraries: one decodes, the other encodes.
#ifndef TRIALOGUE_CAMR_SHIM_H
#define TRIALOGUE_CAMR_SHIM_H

#include <opencore-amrnb/interf_dec.h>
#include <opencore-amrnb/interf_enc.h>
#include <opencore-amrwb/dec_if.h>
#include <vo-amrwbenc/enc_if.h>

#endif

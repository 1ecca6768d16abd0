// libgsm, which our own GSM 06.10 is compared with: the product does without it.
#ifndef TRIALOGUE_CGSM_SHIM_H
#define TRIALOGUE_CGSM_SHIM_H

#include <gsm/gsm.h>

#endif

"""What other programs make of lost packets of 20 ms: the concealment that our own is compared with."""

import ctypes
import ctypes.util

import numpy as np

#: Samples at 8 kHz.
FRAME = 160


def library(name):
    """A shared library, or None."""
    try:
        return ctypes.CDLL(ctypes.util.find_library(name) or f"lib{name}.so")
    except OSError:
        return None


def pointer(samples):
    return samples.ctypes.data_as(ctypes.c_void_p)


def by_spandsp(samples, arrivals):
    """A voice at 8 kHz whose lost frames spandsp makes up (in the manner of ITU-T G.711, appendix I); None without spandsp."""
    spandsp = library("spandsp")
    if not spandsp:
        return None
    spandsp.plc_init.restype = ctypes.c_void_p
    state = ctypes.c_void_p(spandsp.plc_init(None))
    made = np.array(samples[:len(arrivals) * FRAME], dtype=np.int16)
    for index, arrived in enumerate(arrivals):
        frame = np.ascontiguousarray(made[index * FRAME:(index + 1) * FRAME])
        (spandsp.plc_rx if arrived else spandsp.plc_fillin)(state, pointer(frame), len(frame))
        made[index * FRAME:(index + 1) * FRAME] = frame
    spandsp.plc_free(state)
    return made


def by_libgsm(samples, arrivals):
    """GSM 06.10 by libgsm, and lost frames by GSM 06.11: the last one again, then ever softer; None without libgsm."""
    gsm = library("gsm")
    if not gsm:
        return None
    gsm.gsm_create.restype = ctypes.c_void_p
    encoder, decoder = ctypes.c_void_p(gsm.gsm_create()), ctypes.c_void_p(gsm.gsm_create())
    made = []
    last, lost = (ctypes.c_int16 * 76)(), 0
    for index, arrived in enumerate(arrivals):
        frame = np.array(samples[index * FRAME:(index + 1) * FRAME], dtype=np.int16)
        octets = (ctypes.c_uint8 * 33)()
        gsm.gsm_encode(encoder, pointer(frame), octets)
        lost = 0 if arrived else lost + 1
        if arrived:
            gsm.gsm_explode(decoder, octets, last)
        elif lost > 1:
            # xmaxc of the four subframes, behind the eight ratios.
            for place in (11, 28, 45, 62):
                last[place] = max(last[place] - 4, 0)
        gsm.gsm_implode(decoder, last, octets)
        heard = np.zeros(FRAME, dtype=np.int16)
        gsm.gsm_decode(decoder, octets, pointer(heard))
        made.append(heard if lost <= 16 else np.zeros(FRAME, dtype=np.int16))
    gsm.gsm_destroy(encoder)
    gsm.gsm_destroy(decoder)
    return np.concatenate(made)


def by_opencore(octets, head, size, arrivals, wide):
    """Stored AMR frames by opencore-amr, which is told of each lost one; None without it."""
    codec = library("opencore-amrwb" if wide else "opencore-amrnb")
    if not codec:
        return None
    begin, decode, end = (codec.D_IF_init, codec.D_IF_decode, codec.D_IF_exit) if wide else (
        codec.Decoder_Interface_init, codec.Decoder_Interface_Decode, codec.Decoder_Interface_exit)
    begin.restype = ctypes.c_void_p
    state = ctypes.c_void_p(begin())
    made = []
    for index, arrived in enumerate(arrivals):
        # A frame without data.
        frame = octets[head + index * size:head + (index + 1) * size] if arrived else b"\x7C" + bytes(size)
        heard = np.zeros(320 if wide else FRAME, dtype=np.int16)
        decode(state, ctypes.create_string_buffer(frame), pointer(heard), 0 if arrived else 1)
        made.append(heard)
    end(state)
    return np.concatenate(made)

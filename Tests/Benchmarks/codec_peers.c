/* What the C libraries of the system cost for 20 ms of the same speech: spandsp for G.722 and G.726, libgsm.
   codec_peers FILE.8k.wav FILE.16k.wav: 16-bit mono WAV files with a header of 44 octets.
   Prints for each codec: name, microseconds to encode and to decode a frame, each the median of 150. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef WITH_SPANDSP
#include <spandsp.h>
#endif
#ifdef WITH_GSM
#include <gsm.h>
#endif

enum { FRAMES = 150, HEADER = 44, LONGEST = 320, OCTETS = 512 };

/* One frame: encode fills the octets and returns their number; decode fills the samples. */
typedef int encode_function(void *state, uint8_t *octets, const int16_t *samples, int count);
typedef void decode_function(void *state, int16_t *samples, const uint8_t *octets, int count);

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static int rising(const void *left, const void *right)
{
    double difference = *(const double *) left - *(const double *) right;
    return (difference > 0) - (difference < 0);
}

static double median(double *values)
{
    qsort(values, FRAMES, sizeof *values, rising);
    return values[FRAMES / 2];
}

static void measure(
    const char *name, const int16_t *speech, int length, int frame, void *encoder, encode_function *encode,
    void *decoder, decode_function *decode)
{
    double encoding[FRAMES], decoding[FRAMES];
    int16_t samples[2 * LONGEST];
    uint8_t octets[OCTETS];
    for (int index = 0; index < FRAMES; index++) {
        const int16_t *input = speech + index % (length / frame) * frame;
        double start = now();
        int count = encode(encoder, octets, input, frame);
        double middle = now();
        decode(decoder, samples, octets, count);
        encoding[index] = middle - start;
        decoding[index] = now() - middle;
    }
    printf("%s %.3f %.3f\n", name, median(encoding), median(decoding));
}

static int16_t *load(const char *path, int *length)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(1);
    }
    fseek(file, 0, SEEK_END);
    long size = ftell(file) - HEADER;
    int16_t *samples = size > 0 ? malloc(size) : NULL;
    fseek(file, HEADER, SEEK_SET);
    if (!samples || fread(samples, 1, size, file) != (size_t) size) {
        fprintf(stderr, "%s: no samples\n", path);
        exit(1);
    }
    fclose(file);
    *length = size / 2;
    return samples;
}

#ifdef WITH_SPANDSP
static int g722_out(void *state, uint8_t *octets, const int16_t *samples, int count)
{
    return g722_encode(state, octets, samples, count);
}

static void g722_in(void *state, int16_t *samples, const uint8_t *octets, int count)
{
    g722_decode(state, samples, octets, count);
}

static int g726_out(void *state, uint8_t *octets, const int16_t *samples, int count)
{
    return g726_encode(state, octets, samples, count);
}

static void g726_in(void *state, int16_t *samples, const uint8_t *octets, int count)
{
    g726_decode(state, samples, octets, count);
}
#endif

#ifdef WITH_GSM
static int gsm_out(void *state, uint8_t *octets, const int16_t *samples, int count)
{
    int16_t input[160];
    (void) count;
    /* The library asks for samples that it may write to. */
    memcpy(input, samples, sizeof input);
    gsm_encode(state, input, octets);
    return 33;
}

static void gsm_in(void *state, int16_t *samples, const uint8_t *octets, int count)
{
    (void) count;
    gsm_decode(state, (gsm_byte *) octets, samples);
}
#endif

int main(int count, char **arguments)
{
    if (count != 3) return 2;
    int narrow_length, wide_length;
    int16_t *narrow = load(arguments[1], &narrow_length), *wide = load(arguments[2], &wide_length);
#ifdef WITH_SPANDSP
    measure(
        "G722", wide, wide_length, 320, g722_encode_init(NULL, 64000, 0), g722_out, g722_decode_init(NULL, 64000, 0),
        g722_in);
    for (int rate = 16000; rate <= 40000; rate += 8000) {
        char name[16];
        snprintf(name, sizeof name, "G726-%d", rate / 1000);
        measure(
            name, narrow, narrow_length, 160, g726_init(NULL, rate, G726_ENCODING_LINEAR, G726_PACKING_RIGHT), g726_out,
            g726_init(NULL, rate, G726_ENCODING_LINEAR, G726_PACKING_RIGHT), g726_in);
    }
#endif
#ifdef WITH_GSM
    measure("GSM", narrow, narrow_length, 160, gsm_create(), gsm_out, gsm_create(), gsm_in);
#endif
    return 0;
}

// The sound of a call that comes: two soft notes, no file.

export class Ringer {
  #context = null;
  #timer = null;

  start() {
    if (this.#timer) return;
    this.#context ??= new AudioContext();
    this.#context.resume().catch(() => {});
    this.#ring();
    this.#timer = setInterval(() => this.#ring(), 2800);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #ring() {
    const now = this.#context.currentTime;
    for (const [index, frequency] of [659.3, 880, 659.3, 880].entries()) {
      const [tone, gain] = [this.#context.createOscillator(), this.#context.createGain()];
      const start = now + index * 0.22;
      tone.frequency.value = frequency;
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(0.12, start + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.001, start + 0.21);
      tone.connect(gain).connect(this.#context.destination);
      tone.start(start);
      tone.stop(start + 0.22);
    }
  }
}

// A soft two-tone call while a card is left behind. Off until somebody turns it on.

const EVERY_MILLISECONDS = 1600;

export function sound(button) {
  let on = false;
  let ringing = 0;
  let context = null;
  let words = null;

  const tone = (from, pitch) => {
    const oscillator = context.createOscillator();
    const volume = context.createGain();
    oscillator.frequency.value = pitch;
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(0.25, from + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.001, from + 0.5);
    oscillator.connect(volume).connect(context.destination);
    oscillator.start(from);
    oscillator.stop(from + 0.55);
  };
  const call = () => {
    if (!on || !context) return;
    tone(context.currentTime, 880);
    tone(context.currentTime + 0.35, 660);
  };
  const label = (now) => {
    words = now;
    button.textContent = on ? words.soundOn : words.soundOff;
  };
  button.addEventListener("click", () => {
    on = !on;
    // A browser lets a page make sound only after somebody touched it.
    if (on) context ??= new AudioContext();
    label(words);
  });

  return {
    label,
    ring(now) {
      if (now === ringing > 0) return;
      clearInterval(ringing);
      ringing = 0;
      if (!now) return;
      call();
      ringing = setInterval(call, EVERY_MILLISECONDS);
    },
  };
}

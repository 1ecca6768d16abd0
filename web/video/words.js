// The texts of the pictures.

const texts = {
  en: {
    pictures: "Pictures", you: "You", camera: "Camera",
    cameraOff: "Turn the camera off", cameraOn: "Turn the camera on",
    screen: "Share the screen", screenOff: "Stop sharing", grid: "Show all alike", speaker: "Show the speaker large",
    pin: "Keep {name} large", unpin: "Do not keep {name} large", stands: "no picture now", talking: "talking",
    good: "Good picture", fair: "Fair picture", poor: "Poor picture", heard: "Without a picture", which: "Which camera",
    denied: "The camera is blocked. Allow it in the address bar.", missing: "No camera was found.",
    busy: "The camera is used by another program.", insecure: "Pictures need a secure page (https).",
    refused: "The other side takes no pictures.",
  },
  de: {
    pictures: "Bilder", you: "Sie", camera: "Kamera", cameraOff: "Kamera ausschalten", cameraOn: "Kamera einschalten",
    screen: "Bildschirm zeigen", screenOff: "Nicht mehr zeigen", grid: "Alle gleich groß zeigen",
    speaker: "Wer spricht, groß zeigen", pin: "{name} groß behalten", unpin: "{name} nicht mehr groß behalten",
    stands: "gerade kein Bild", talking: "spricht", good: "Gutes Bild", fair: "Mäßiges Bild", poor: "Schlechtes Bild",
    heard: "Ohne Bild", which: "Welche Kamera", denied: "Die Kamera ist gesperrt. Erlauben Sie sie in der Adresszeile.",
    missing: "Keine Kamera gefunden.", busy: "Die Kamera wird von einem anderen Programm benutzt.",
    insecure: "Bilder brauchen eine sichere Seite (https).", refused: "Die andere Seite nimmt keine Bilder an.",
  },
};

/** The text of a key in a language, English where we do not speak it. */
export function wordsIn(language) {
  const own = texts[language] ?? texts.en;
  return (key, values = {}) => (own[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// The texts of the button, and which of them a failure has.

export const words = {
  en: {
    call: "Call us", cancel: "Cancel", hangup: "Hang up", mute: "Mute", unmute: "Unmute", keypad: "Keypad",
    chat: "Chat", message: "Write a message", send: "Send", you: "You", panel: "Call", visitor: "Website visitor",
    preparing: "Allow the microphone …", calling: "Calling …", ringing: "Ringing …", connected: "Connected",
    reconnecting: "The network has changed. Reconnecting …", ended: "Call ended",
    insecure: "Calls need a secure page (https).", unsupported: "This browser cannot make calls.",
    denied: "The microphone is blocked. Allow it in the address bar and try again.",
    missing: "No microphone was found. Connect one and try again.",
    busy: "The microphone is used by another program. Close it and try again.",
    network: "There is no connection. Check your network and try again.",
    token: "The call could not be prepared. Reload the page and try again.",
    refused: "Calls from here are not allowed.", unknown: "Nobody can be reached here.",
    occupied: "Everybody is busy. Please try again soon.", unanswered: "Nobody has answered. Please try again later.",
    overloaded: "There are too many calls now. Please try again soon.",
    failed: "The call has failed. Please try again.",
    nomedia: "Voice could not be agreed with the other side.",
  },
  de: {
    call: "Rufen Sie uns an", cancel: "Abbrechen", hangup: "Auflegen", mute: "Stumm schalten", unmute: "Ton an",
    keypad: "Tasten", chat: "Nachrichten", message: "Nachricht schreiben", send: "Senden", you: "Sie", panel: "Anruf",
    visitor: "Besucher der Website",
    preparing: "Bitte das Mikrofon erlauben …", calling: "Verbindung wird aufgebaut …", ringing: "Es klingelt …",
    connected: "Verbunden", reconnecting: "Das Netz hat gewechselt. Verbinde neu …", ended: "Anruf beendet",
    insecure: "Anrufe brauchen eine sichere Seite (https).", unsupported: "Dieser Browser kann nicht anrufen.",
    denied: "Das Mikrofon ist gesperrt. Erlauben Sie es in der Adresszeile und versuchen Sie es noch einmal.",
    missing: "Kein Mikrofon gefunden. Schließen Sie eines an und versuchen Sie es noch einmal.",
    busy: "Das Mikrofon wird von einem anderen Programm benutzt. Schließen Sie es und versuchen Sie es noch einmal.",
    network: "Keine Verbindung. Prüfen Sie Ihr Netz und versuchen Sie es noch einmal.",
    token: "Der Anruf konnte nicht vorbereitet werden. Laden Sie die Seite neu und versuchen Sie es noch einmal.",
    refused: "Anrufe von hier sind nicht erlaubt.", unknown: "Hier ist niemand zu erreichen.",
    occupied: "Alle sprechen gerade. Bitte versuchen Sie es gleich noch einmal.",
    unanswered: "Niemand hat abgenommen. Bitte versuchen Sie es später noch einmal.",
    overloaded: "Gerade sind es zu viele Anrufe. Bitte versuchen Sie es gleich noch einmal.",
    failed: "Der Anruf ist fehlgeschlagen. Bitte versuchen Sie es noch einmal.",
    nomedia: "Mit der anderen Seite war keine Sprache zu vereinbaren.",
  },
};

/** The word for a SIP status that ended a call; null if it just ended. */
export function failure(status) {
  if (status === 0 || status === 487) return null;
  const words = {
    400: "failed", 401: "refused", 403: "refused", 404: "unknown", 407: "refused", 408: "unanswered", 410: "unknown",
    415: "nomedia", 480: "unanswered", 484: "unknown", 486: "occupied", 488: "nomedia", 500: "failed",
    503: "overloaded",
    429: "overloaded", 600: "occupied", 603: "occupied", 604: "unknown", 606: "nomedia",
  };
  return words[status] ?? "failed";
}

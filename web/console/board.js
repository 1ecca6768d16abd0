// What the console knows of the server: asked for once, kept up by the event stream, and asked for again now and then,
// because not every change is an event.

/** Tells `change` when something differs. */
export class Board extends EventTarget {
  status = null;
  rooms = [];
  calls = [];
  prompts = [];
  #api;
  #asking = false;
  #measuring = false;
  #again = false;
  #timer = null;

  constructor(api) {
    super();
    this.#api = api;
    api.addEventListener("event", ({ detail }) => this.#note(detail));
  }

  /** Asks for everything; requests that come meanwhile make one more. Throws an APIError. */
  async refresh() {
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    try {
      do {
        this.#again = false;
        const paths = ["status", "rooms", "calls"];
        const [status, rooms, calls] = await Promise.all(paths.map((path) => this.#api.get(path)));
        this.status = status;
        this.rooms = rooms.items.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
        this.calls = calls.items;
        if (this.prompts.length === 0) this.prompts = (await this.#api.get("prompts")).items;
        this.dispatchEvent(new Event("change"));
      } while (this.#again);
    } finally {
      this.#asking = false;
    }
  }

  /** Asks for the rooms alone: how loud those are who talk. */
  async measure() {
    if (this.#asking || this.#measuring) return;
    if (!this.rooms.some((room) => room.members.some((member) => member.talking))) return;
    this.#measuring = true;
    const { items } = await this.#api.get("rooms").finally(() => { this.#measuring = false; });
    const levels = new Map(items.flatMap((room) => room.members).map((member) => [member.id, member.level]));
    for (const member of this.rooms.flatMap((room) => room.members)) member.level = levels.get(member.id);
    this.dispatchEvent(new Event("change"));
  }

  /** Asks soon; many reasons at once make one request. */
  refreshSoon() {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.refresh().catch(() => {});
    }, 60);
  }

  #note({ name, values }) {
    if (name !== "talker") return this.refreshSoon();
    const room = this.rooms.find((room) => room.name === values.room);
    const member = room?.members.find((member) => member.id === values.member);
    if (!member) return this.refreshSoon();
    member.talking = values.talking === "true";
    this.dispatchEvent(new Event("change"));
  }
}

import pytest

from server import Server

# Wide and narrow rooms decode also what two members could pass on to each other: their sound is judged.
ROOMS = """
  - {pattern: "3000-3009", greeting: none, announce_joining: false, hold_music: false}
  - {pattern: "greeted", language: en}
  - {pattern: "4000-4009", pin: "1234", moderator_pin: "4321", greeting: none, announce_joining: false, hold_music: false}
  - {pattern: "recorded*", record: true, greeting: none, announce_joining: false, hold_music: false, record_tracks: true}
  - {pattern: "wide*", relay: false, greeting: none, announce_joining: false, hold_music: false}
  - {pattern: "narrow*", relay: false, sample_rate: 8000, greeting: none, announce_joining: false, hold_music: false}
"""

EXTRA = """
registrar: {users: [{name: alice, password: wonderland}]}
web: {origins: ["https://shop.example"]}
"""


@pytest.fixture(scope="module")
def server():
    with Server(ROOMS, extra=EXTRA) as running:
        yield running

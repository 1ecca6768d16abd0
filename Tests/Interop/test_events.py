"""The event stream of the real server: a client comes back and has missed nothing, or is told that it has."""

from event_stream import EventStream
from server import Server
from softphone import Phone

ROOM = '  - {pattern: "3000-3009", greeting: none, announce_joining: false, hold_music: false}'


def call(server, room):
    phone = Phone(server.sip, room)
    assert phone.call() == 200
    return phone


def test_a_client_that_comes_back_misses_nothing(tmp_path):
    with Server(ROOM, folder=tmp_path) as server:
        with EventStream(server) as whole:
            with EventStream(server) as first:
                phone = call(server, "3001")
                last = first.wait_for("conf-join", room="3001")
            phone.hang_up()
            whole.wait_for("conf-leave", room="3001")
            with EventStream(server, after=last["id"]) as second:
                second.wait_for("conf-leave", room="3001")
                phone = call(server, "3002")
                second.wait_for("conf-join", room="3002")
                phone.hang_up()
                end = second.wait_for("conf-leave", room="3002")
                whole.wait_for("conf-leave", room="3002")
            missed = [event for event in whole.events if last["id"] < event["id"] <= end["id"]]
            assert [event for event in second.events if event["id"] <= end["id"]] == missed
            assert not second.named("gap")
            # An early event that is still kept; and all that is kept.
            with EventStream(server, after=0) as all_kept:
                all_kept.wait_for("conf-leave", room="3002")
                assert all_kept.events[0]["name"] == "gap"
                assert all_kept.events[1:len(whole.events) + 1] == whole.events
        # Another run knows nothing of the events before it, and says so.
        server.stop()
        server.start()
        with EventStream(server, after=end["id"]) as anew:
            phone = call(server, "3003")
            joined = anew.wait_for("conf-join", room="3003")
            phone.hang_up()
            assert anew.events[0]["name"] == "gap" and joined["id"] > end["id"]
            assert anew.events[0]["id"] + 1 == anew.events[1]["id"] == int(anew.events[0]["values"]["next"])

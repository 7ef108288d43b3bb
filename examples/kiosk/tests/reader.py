"""One visit at the kiosk with a card in a PC/SC reader: KIOSK PIN... Prints how it ended, once the card may be taken."""

import http.client
import json
import signal
import subprocess
import sys
import urllib.parse


class Kiosk:
    def __init__(self, program):
        self.process = subprocess.Popen(
            [program, "--reader"], stdout=subprocess.PIPE, text=True
        )
        url = urllib.parse.urlsplit(self.process.stdout.readline().split()[1])
        self.host = url.netloc
        entered = self.send("GET", f"{url.path}?{url.query}", {})
        self.cookie = {"Cookie": entered.getheader("Set-Cookie").split(";")[0]}

    def send(self, method, path, headers, body=None):
        connection = http.client.HTTPConnection(self.host, timeout=30)
        connection.request(method, path, body, headers)
        return connection.getresponse()

    def post(self, path, **fields):
        headers = {
            **self.cookie,
            "Origin": f"http://{self.host}",
            "X-Kiosk": "1",
            "Content-Type": "application/json",
        }
        status = self.send("POST", path, headers, json.dumps(fields)).status
        assert status == 204, (path, status)

    def states(self):
        events = self.send("GET", "/events?view=kiosk", self.cookie)
        for line in events:
            if line.startswith(b"data: "):
                yield json.loads(line[6:])

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)


def visit(kiosk, pins):
    ended, answered = "nothing", 0
    states = kiosk.states()
    next(states)
    kiosk.post("/begin")
    for state in states:
        number, name = state["screen"], state["name"]
        if number is None or number <= answered:
            if name == "idle" and answered:
                return ended
            continue
        keys = [choice["key"] for choice in state["text"]["en"]["choices"]]
        if name == "enter-pin" and pins:
            answered = number
            kiosk.post("/pin", screen=number, pin=pins.pop(0))
            continue
        if name == "take-card":
            return ended
        key = {
            "choose-method": "pin" if "pin" in keys and pins else "cancel",
            "enter-pin": "cancel",
            "last-try": "yes",
            "certificate-notice": "yes",
            "register": "yes",
            "consents": "consent-to-all",
            "accepted": "yes",
            "not-accepted": "yes",
        }.get(name)
        if name == "accepted":
            ended = name
        if name == "not-accepted":
            ended = state["extra"]["failure"]
        if key:
            answered = number
            kiosk.post("/choose", screen=number, key=key)
    return "the stream ended"


kiosk = Kiosk(sys.argv[1])
try:
    print(visit(kiosk, sys.argv[2:]))
finally:
    print("exit", kiosk.end())

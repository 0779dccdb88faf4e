from service import Api

from app.api import examples


async def test_a_step_up_goes_from_open_to_dispatched(api: Api) -> None:
    worker = api.as_("op.worker")

    opened = await worker.post("/v1/transfers", examples.STEP_UP)
    assert opened.status_code == 201, opened.text
    body = opened.json()
    sent = await worker.post(f"/v1/transfers/{body['id']}/finalise", version=body["version"])

    assert sent.status_code == 200, sent.text
    assert sent.json()["stage"] == "dispatched"

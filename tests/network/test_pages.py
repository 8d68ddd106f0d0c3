def test_manage(on_lan, sign_in):
    assert sign_in("owner").get("/manage/network").status_code == 200

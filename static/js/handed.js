// A tablet that changed hands: what another window of it still shows, or the way back remembers, is asked for anew, and the clinic
// shows what may be shown now.
const hands = "BroadcastChannel" in window ? new BroadcastChannel("yihe-hands") : null;
if (document.querySelector("[data-handed]")) hands?.postMessage("changed");
else hands?.addEventListener("message", () => location.reload());
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

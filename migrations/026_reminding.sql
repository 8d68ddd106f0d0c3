-- Everybody of one giving out who has not filled it in is to be reminded: the event that wants it, until all have been looked at.
ALTER TABLE askings ADD COLUMN remind_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX askings_reminding ON askings (id) WHERE remind_event_id IS NOT NULL;

-- Restriction of processing: asked for by the person. While it stands nothing is written about them and no list,
-- rule or reminder has them. The event says who, when and why.
ALTER TABLE patients ADD COLUMN restricted_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX patients_restricted ON patients (id) WHERE restricted_event_id IS NOT NULL;

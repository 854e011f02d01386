-- The secret that a webhook had before, while deliveries are signed with both.
alter table webhooks add column old_secret text;
alter table webhooks add column old_secret_until bigint;

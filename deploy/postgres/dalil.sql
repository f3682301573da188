-- Run once by the PostgreSQL image when it makes its data directory, as its superuser.
-- Dalil owns its database and can do nothing beside it.
\getenv password POSTGRES_PASSWORD
CREATE ROLE dalil LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'password';
CREATE DATABASE dalil OWNER dalil;
-- The superuser, made with the same password, is left without one: it comes in from inside the container only
-- (`docker compose exec postgres psql --username postgres`).
ALTER ROLE CURRENT_USER PASSWORD NULL;

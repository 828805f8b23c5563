#!/bin/sh
# Runs once, when the database of the compose file is created: a login that may make the roles of Nexus and is no superuser.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$NEXUS_DATABASE_PASSWORD" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
create role nexus login createrole password :'password';
create database nexus owner nexus;
SQL

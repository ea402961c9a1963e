/**
 * A DCS plug-in on a PostgreSQL database, through JDBC. One table of entries with versions, one of
 * sessions that end by the database's clock; every change is one call of a function in the
 * database.
 */
package com.example.matriarch.sql;

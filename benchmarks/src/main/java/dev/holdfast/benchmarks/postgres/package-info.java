/**
 * Holdfast on PostgreSQL, beside the bare engine over the same table and beside other queues, all
 * in one run against a server of its own.
 */
package dev.holdfast.benchmarks.postgres;

/** Other queues for PostgreSQL, each in the fastest configuration of its own documentation. */
package dev.holdfast.benchmarks.postgres.peers;

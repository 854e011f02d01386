/** Other queues for PostgreSQL, each as its own documentation says that it is fastest. */
package dev.holdfast.benchmarks.postgres.peers;

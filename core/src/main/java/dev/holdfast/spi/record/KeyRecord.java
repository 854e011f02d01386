package dev.holdfast.spi.record;

import dev.holdfast.JobId;
import java.time.Instant;

/**
 * An idempotency key that outlives its job.
 *
 * @param group the job's group; empty text for none
 * @param type the job's type
 * @param key the key
 * @param job the removed job that had it
 * @param until its expiry
 */
public record KeyRecord(String group, String type, String key, JobId job, Instant until) {}

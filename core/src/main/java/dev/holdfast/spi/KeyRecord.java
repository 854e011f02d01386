package dev.holdfast.spi;

import dev.holdfast.JobId;
import java.time.Instant;

/**
 * An idempotency key that outlives its job.
 *
 * @param group the job's group; empty text for none
 * @param type the job's type
 * @param key the key
 * @param job the job that had it, which is gone
 * @param until when it is forgotten
 */
public record KeyRecord(String group, String type, String key, JobId job, Instant until) {}

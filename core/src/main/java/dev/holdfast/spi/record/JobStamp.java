package dev.holdfast.spi.record;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import java.time.Instant;

/**
 * A compact fingerprint of a job: every change of the job, or of data that belongs to it, changes
 * its stamp. Two databases whose stamps are equal hold the same jobs.
 *
 * @param id the job
 * @param state its state
 * @param token its latest fencing token
 * @param updatedAt when its row last changed
 * @param notes a number that differs after each log line, checkpoint and report of progress
 */
public record JobStamp(JobId id, JobState state, long token, Instant updatedAt, long notes) {}

package dev.holdfast.jdbc.dialect;

import dev.holdfast.JobId;

/**
 * A pending job that is not in its lane yet.
 *
 * @param job its id
 * @param lane the lane that it belongs to
 * @param place its position in the lane
 */
public record AssignedJob(JobId job, JobLane lane, Place place) {}

package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;

/**
 * A pending job that does not stand in its lane.
 *
 * @param job its id
 * @param lane where it belongs
 * @param place where it will stand there
 */
public record SortedJob(JobId job, JobLane lane, Place place) {}

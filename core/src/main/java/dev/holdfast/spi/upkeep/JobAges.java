package dev.holdfast.spi.upkeep;

import dev.holdfast.JobState;

/**
 * The jobs of one state by the time since they were enqueued.
 *
 * @param state the state
 * @param jobs the number of jobs in it
 * @param hour how many of those whose ages were read were enqueued within the last hour
 * @param day within the last day, but not the last hour
 * @param week within the last 7 days, but not the last day
 * @param older before that
 */
public record JobAges(JobState state, long jobs, long hour, long day, long week, long older) {}

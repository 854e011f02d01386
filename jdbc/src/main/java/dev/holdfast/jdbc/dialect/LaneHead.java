package dev.holdfast.jdbc.dialect;

/**
 * The start of a lane that may have claimable jobs.
 *
 * @param lane its id
 * @param place lower bound of the places of its jobs
 */
public record LaneHead(long lane, Place place) {}

package dev.holdfast.jdbc.store;

/**
 * A lane in which a claim may find something.
 *
 * @param lane its id
 * @param place no job stands before it there
 */
public record LaneHead(long lane, Place place) {}

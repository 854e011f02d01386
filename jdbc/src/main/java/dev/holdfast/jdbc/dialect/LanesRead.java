package dev.holdfast.jdbc.dialect;

import java.util.List;

/**
 * A part of the lanes in which jobs wait.
 *
 * @param heads the lanes, in the order of their ids
 * @param last up to this lane they are all; the greatest number if there are no more
 */
public record LanesRead(List<LaneHead> heads, long last) {}

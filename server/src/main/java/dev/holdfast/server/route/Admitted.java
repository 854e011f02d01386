package dev.holdfast.server.route;

import dev.holdfast.server.access.Identity;

/**
 * A request that may be made; its body has not been read.
 *
 * @param route where it goes
 * @param identity who asks
 */
public record Admitted(
    Route route, Identity identity, RouteTable.Match match, Query query, Head head) {}

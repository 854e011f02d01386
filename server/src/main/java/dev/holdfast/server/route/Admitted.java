package dev.holdfast.server.route;

import dev.holdfast.server.access.Identity;

/**
 * An authorized request whose body has not been read yet.
 *
 * @param route the route it takes
 * @param identity the caller
 */
public record Admitted(
    Route route, Identity identity, RouteTable.Match match, Query query, Head head) {}

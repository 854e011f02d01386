/**
 * What a route is, and how a request comes to one. A request goes through {@link
 * dev.holdfast.server.route.Site}: host, path and method, token and permission, origin, media type,
 * parameters – and only then its body is read and its handler called.
 */
@NullMarked
package dev.holdfast.server.route;

import org.jspecify.annotations.NullMarked;

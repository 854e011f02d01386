/**
 * Routes and the processing of requests. {@link dev.holdfast.server.route.RequestPipeline} checks
 * host, path and method, token and permission, origin, media type and parameters before it reads
 * the body and calls the handler.
 */
@NullMarked
package dev.holdfast.server.route;

import org.jspecify.annotations.NullMarked;

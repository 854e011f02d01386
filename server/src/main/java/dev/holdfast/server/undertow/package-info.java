/** The HTTP server, Undertow. Nothing outside this package depends on it. */
@NullMarked
package dev.holdfast.server.undertow;

import org.jspecify.annotations.NullMarked;

/** The routes, one class for each resource. */
@NullMarked
package dev.holdfast.server.api;

import org.jspecify.annotations.NullMarked;

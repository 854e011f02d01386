/** The routes, one class for each concern. */
@NullMarked
package dev.holdfast.server.api;

import org.jspecify.annotations.NullMarked;

/** Workers in any language: the right to run a job, and its end, over HTTP. */
@NullMarked
package dev.holdfast.server.worker;

import org.jspecify.annotations.NullMarked;

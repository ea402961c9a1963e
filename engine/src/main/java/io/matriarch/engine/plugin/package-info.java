/** Finds the plug-ins for consensus stores and opens the chosen one, apart from everything else. */
package io.matriarch.engine.plugin;

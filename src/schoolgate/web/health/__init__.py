"""Is it alive, is it ready: for whatever watches over the programs."""

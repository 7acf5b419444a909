"""On site: who came, what was found and photographed, also from phones that were offline."""

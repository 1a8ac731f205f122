# Caches by what buddy + slab loses of them: kfrag --csv FILE >caches.csv
set datafile separator ','
set logscale xy
plot 'caches.csv' using (column('slab_held_bytes')+1):(column('slab_idle_bytes')+column('slab_tail_bytes')+1):1 with labels noenhanced title 'bytes held, bytes lost'

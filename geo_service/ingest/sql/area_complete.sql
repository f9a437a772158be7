-- What the file does not say about new areas and new boundaries.
-- Parameters: present text[]; geom_basis, source, licence text, of new boundaries; file_name text.
UPDATE import_row AS r SET
    ags = coalesce(r.ags, r.ags_all[1]),
    ags_all = coalesce(r.ags_all, CASE WHEN r.ags IS NOT NULL THEN ARRAY[r.ags] END),
    programmes = coalesce(r.programmes, CASE WHEN r.programme IS NOT NULL THEN ARRAY[r.programme] END),
    attr_basis = coalesce(r.attr_basis, 'documented'),
    geom_basis = CASE
        WHEN r.shape_changed THEN coalesce(CAST(:geom_basis AS text), r.geom_basis, 'official')
        ELSE r.geom_basis
    END,
    geom_source = CASE
        WHEN NOT r.shape_changed THEN r.geom_source
        ELSE coalesce(
            CAST(:source AS text),
            CASE WHEN 'geom_source' = ANY (CAST(:present AS text[])) THEN r.geom_source ELSE :file_name END
        )
    END,
    licence = CASE
        WHEN NOT r.shape_changed THEN r.licence
        ELSE coalesce(
            CAST(:licence AS text), CASE WHEN 'licence' = ANY (CAST(:present AS text[])) THEN r.licence END
        )
    END

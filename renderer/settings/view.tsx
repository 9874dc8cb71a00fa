/** Settings: the bench file in an editor; saving says what changed, and from when on it decides. */
import { Button } from '@mantine/core';
import { IconArrowBackUp, IconDeviceFloppy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { api } from '../api/client.ts';
import { failureOf } from '../api/failure.ts';
import { useStatus } from '../api/snapshot.ts';
import { FailureNotice } from '../design/failure-notice.tsx';
import { type Draft, isEdited, setDraft, typeInto, useDraft } from './draft.ts';
import { Editor, type EditorHandle } from './editor.tsx';
import { AuditLog, OnTheirWay, OrganisationalUnits } from './history.tsx';
import { ChangedOnDisk } from './on-disk.tsx';
import { useSaving } from './saving.ts';
import { schemaLookup } from './schema-lookup.ts';
import styles from './settings.module.css';
import { CertificateAuthority, ChangePutIn, Changes, Notices, Problems } from './side.tsx';
import { WhatIf, WhatIfButton } from './what-if.tsx';
import { lineOfPath } from './yaml-place.ts';

/** Reads the running file, and begins a draft from it where none was begun. */
const useBenchFile = () => {
  const draft = useDraft();
  const running = useQuery(api.bench.read.queryOptions({ staleTime: 0 }));
  useEffect(() => {
    if (running.data && !running.isFetching && !isEdited(draft) && draft?.version !== running.data.version)
      setDraft({ version: running.data.version, running: running.data.yaml, text: running.data.yaml });
  }, [running.data, running.isFetching, draft]);
  return { draft, running };
};

const Workspace = ({ draft, onReload }: { draft: Draft; onReload: () => void }): ReactNode => {
  const editor = useRef<EditorHandle>(null);
  const status = useStatus();
  const schema = useQuery(api.bench.schema.queryOptions({ staleTime: Number.POSITIVE_INFINITY }));
  const lookup = useMemo(() => schemaLookup(schema.data), [schema.data]);
  const { save, check, problems, notices, saved } = useSaving();
  const edited = isEdited(draft);
  const pending = status?.pendingVersions ?? [];
  const shownNotices = notices ?? status?.notices ?? [];

  useEffect(() => editor.current?.replace(draft.text), [draft.text]);
  const { putIn } = draft;
  useEffect(() => {
    if (putIn?.lines) editor.current?.show(putIn.lines);
  }, [putIn?.lines]);
  useEffect(() => {
    if (save.isError) editor.current?.mark(failureOf(save.error).problems);
  }, [save.isError, save.error]);

  const goTo = ({ path, line }: { path?: string | undefined; line?: number | undefined }): void => {
    const found = line ?? (path === undefined ? null : lineOfPath(draft.text, path));
    if (found !== null) editor.current?.goTo(found);
  };
  const saveNow = (): void => {
    if (!save.isPending) save.mutate('nothing');
  };
  const failure = save.isError ? failureOf(save.error) : null;
  const isReplacedElsewhere = failure?.conflict === 'running';
  const elsewhere =
    status !== null && status.benchVersion !== draft.version && edited && !isReplacedElsewhere;
  return (
    <div className={styles.settings}>
      <div className={styles.left}>
        <div className={styles.bar}>
          <h2>Bench file</h2>
          <span className={styles.state} data-edited={edited || undefined}>
            {edited ? 'Unsaved changes' : pending.length > 0 ? 'As saved' : 'As it runs'}
          </span>
          <Button
            ml="auto"
            variant="default"
            disabled={!edited}
            leftSection={<IconArrowBackUp size={14} />}
            onClick={() => setDraft({ version: draft.version, running: draft.running, text: draft.running })}
          >
            Take back
          </Button>
          <WhatIfButton draft={draft.text} />
          <Button
            disabled={!edited}
            loading={save.isPending}
            leftSection={<IconDeviceFloppy size={14} />}
            title="Save (Ctrl S)"
            onClick={saveNow}
          >
            Save
          </Button>
        </div>
        <Editor
          ref={editor}
          initial={draft.text}
          schema={lookup}
          onChange={(text) => typeInto(draft, text)}
          onSave={saveNow}
          check={check}
        />
      </div>
      <aside className={styles.side} aria-label="About this file">
        {failure && (problems.length === 0 || failure.code === 'CONFLICT') && (
          <FailureNotice what="The bench file was not saved" error={save.error} />
        )}
        {isReplacedElsewhere && (
          <div className={`${styles.conflict} ${styles.besideFailure}`}>
            <Button variant="default" onClick={onReload}>
              Load the running file
            </Button>
            <Button variant="default" onClick={() => save.mutate('running')}>
              Save over it
            </Button>
          </div>
        )}
        <ChangedOnDisk draft={draft} saving={save.isPending} onSaveOver={() => save.mutate('disk')} />
        {elsewhere && (
          <p className={styles.elsewhere} role="status">
            The running file was changed elsewhere since you began. Saving will ask before it replaces that.
          </p>
        )}
        <Problems problems={problems} onGo={goTo} />
        {putIn && edited && (
          <ChangePutIn putIn={putIn} onShow={() => editor.current?.show(putIn.lines ?? [])} />
        )}
        {saved && !edited && problems.length === 0 && <Changes {...saved} />}
        <WhatIf draft={draft.text} />
        <OnTheirWay versions={pending} />
        {/* What the running file warns of says nothing of a draft that cannot run. */}
        <Notices notices={problems.length > 0 ? [] : shownNotices} onGo={goTo} />
        <OrganisationalUnits benchVersion={draft.version} />
        <AuditLog benchVersion={draft.version} />
        <CertificateAuthority />
        <section className={styles.block}>
          <h3>The file</h3>
          <p>
            One YAML file holds all that defines this rehearsal: customer, users, relay settings, listeners,
            limits. It can live in version control. Passwords become hashes when it is saved. Ctrl Space shows
            what can stand at the cursor; a key explains itself under the pointer.
          </p>
        </section>
      </aside>
    </div>
  );
};

const SettingsView = (): ReactNode => {
  const { draft, running } = useBenchFile();
  if (running.isError && !draft)
    return (
      <FailureNotice
        what="The bench file could not be read"
        error={running.error}
        retry={() => void running.refetch()}
      />
    );
  const reload = async (): Promise<void> => {
    const { data } = await running.refetch();
    if (data) setDraft({ version: data.version, running: data.yaml, text: data.yaml });
  };
  return draft && <Workspace draft={draft} onReload={() => void reload()} />;
};

export default SettingsView;
